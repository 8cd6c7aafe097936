-- What belongs to an operator class, or to a family and none of its classes,
-- one row each, as CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY write it.
-- The catalog of dependencies says which of the two: pg_dump asks it too, for
-- a class's operator between two types is in the end the family's.
WITH owner AS (
    SELECT o.tableoid AS class, o.oid
      FROM pg_catalog.pg_opclass AS o
     WHERE o.opcnamespace = ANY ($1)
     UNION ALL
    SELECT f.tableoid, f.oid
      FROM pg_catalog.pg_opfamily AS f
     WHERE f.opfnamespace = ANY ($1)
)
SELECT owner.oid,
       'o',
       a.amopstrategy,
       'OPERATOR ' || a.amopstrategy || ' ' || a.amopopr::regoperator::text
           || COALESCE(' FOR ORDER BY ' || quote_ident(n.nspname) || '.' || quote_ident(f.opfname), '')
  FROM owner
  JOIN pg_catalog.pg_depend AS m ON m.refclassid = owner.class AND m.refobjid = owner.oid
  JOIN pg_catalog.pg_amop AS a ON a.tableoid = m.classid AND a.oid = m.objid
  LEFT JOIN pg_catalog.pg_opfamily AS f ON f.oid = a.amopsortfamily
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = f.opfnamespace
 UNION ALL
SELECT owner.oid,
       'f',
       a.amprocnum,
       'FUNCTION ' || a.amprocnum || ' (' || pg_catalog.format_type(a.amproclefttype, NULL) || ', '
           || pg_catalog.format_type(a.amprocrighttype, NULL) || ') ' || a.amproc::regprocedure::text
  FROM owner
  JOIN pg_catalog.pg_depend AS m ON m.refclassid = owner.class AND m.refobjid = owner.oid
  JOIN pg_catalog.pg_amproc AS a ON a.tableoid = m.classid AND a.oid = m.objid
