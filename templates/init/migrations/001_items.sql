-- A first table, to be replaced by your own. A migration is applied once, whole
-- or not at all, and is not edited afterwards: a change is a new file.
CREATE SCHEMA IF NOT EXISTS app;
COMMENT ON SCHEMA app IS 'What the application keeps.';

CREATE TABLE app.items (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE app.items IS 'The things that the application is about.';
COMMENT ON COLUMN app.items.name IS 'As people call it.';

CREATE INDEX items_created_at_idx ON app.items (created_at);
