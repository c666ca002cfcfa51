-- Filled by its change.
select 1;
