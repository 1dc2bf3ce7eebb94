-- Every later row of a stream, and the row that it adds to.
select seq, json_extract(details, '$.prior') as prior
from call
where dimension_flags & 16 and details like '%"prior":%'
  and json_extract(details, '$.prior') is not null;
