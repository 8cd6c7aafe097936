CREATE SCHEMA schemacast;
COMMENT ON SCHEMA schemacast IS 'schemacast keeps its ledger of migrations here.';
