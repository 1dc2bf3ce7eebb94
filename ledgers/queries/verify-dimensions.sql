-- Every dimension as it is stored, in the order of its batch.
select id, team, project, user, key, environment, tags, route, provider, issuer, model, operation,
  tier, region, variant, provider_inferred, card, direct_card, band, unpriced_reason, batch
from dimension order by batch, id;
