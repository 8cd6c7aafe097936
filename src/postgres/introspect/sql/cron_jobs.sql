-- Jobs of pg_cron, one row each. Its older versions know neither names nor
-- jobs that are not active.
SELECT to_jsonb(j) ->> 'jobname',
       j.schedule::text,
       j.command::text,
       NULLIF(j.database::text, current_database()::text),
       NULLIF(j.username::text, current_user::text),
       NOT COALESCE((to_jsonb(j) ->> 'active')::bool, true)
  FROM cron.job AS j
