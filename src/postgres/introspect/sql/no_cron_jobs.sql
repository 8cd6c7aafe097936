-- What is asked where there is no pg_cron, so that the number of queries is
-- the same.
SELECT FROM pg_catalog.pg_class WHERE false
