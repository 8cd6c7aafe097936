CREATE TABLE IF NOT EXISTS schemacast.migrations (
    file        text        PRIMARY KEY,
    sha256      text        NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    applied_by  text        NOT NULL,
    duration_ms bigint,
    state       text        NOT NULL DEFAULT 'applied' CHECK (state IN ('applied', 'started', 'failed')),
    statement   integer
);
COMMENT ON TABLE schemacast.migrations IS 'The migrations that schemacast has applied.';
COMMENT ON COLUMN schemacast.migrations.sha256 IS 'SHA-256 of the file as it was applied, with lines that end in a line feed alone.';
COMMENT ON COLUMN schemacast.migrations.state IS 'started and failed are of files with -- no-transaction that did not come to their end.';
COMMENT ON COLUMN schemacast.migrations.statement IS 'Of those: the statement that was begun last, from 1.';

CREATE TABLE IF NOT EXISTS schemacast.lease (
    only_one boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    token    text        NOT NULL,
    holder   text        NOT NULL,
    since    timestamptz NOT NULL,
    until    timestamptz NOT NULL
);
COMMENT ON TABLE schemacast.lease IS 'Who applies a file with -- no-transaction now, and until when that is believed.';
