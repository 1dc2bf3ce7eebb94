-- Who and what the calls of dimension :id have in common, and what their cards name them.
select d.id, d.team, d.project, d.user, d.key, d.environment, d.tags, d.route, d.provider, d.issuer,
  d.model, d.operation, d.tier, d.region, d.variant, d.provider_inferred, d.card, d.direct_card,
  d.band, d.unpriced_reason,
  json_extract(c.text, '$.route') as card_route,
  coalesce(json_extract(t.text, '$.provider'), json_extract(c.text, '$.provider')) as product_provider,
  coalesce(json_extract(t.text, '$.model'), json_extract(c.text, '$.model')) as product_model
from dimension d
left join rate_card c on c.id = d.card
left join rate_card t on t.id = d.direct_card
where d.id = :id;
