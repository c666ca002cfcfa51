-- Filled by the change that brings it.
select 1;
