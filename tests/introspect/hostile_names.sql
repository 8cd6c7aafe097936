-- Names and comments that some target reads as something else.
CREATE SCHEMA "a b"; CREATE SCHEMA "select"; CREATE SCHEMA "größe$"; CREATE SCHEMA empty1; CREATE SCHEMA "Query"; 
CREATE TYPE "a b"."my ""enum" AS ENUM ('in-progress', '', 'a"b', 'true', 'é', E'x\\y', 'Self', 'self');
CREATE DOMAIN "select"."do main" AS text[] CHECK (array_length(VALUE,1) < 5);
CREATE TYPE "select".comp AS ("from" int, "a""b" "select"."do main", "né" numeric(5,2));
CREATE TABLE "a b"."select" ("primary" int PRIMARY KEY,
    "x""y" text, "a\b" "a b"."my ""enum",
    "1st" int, "__x__" int, "and" int, "or" int, "not" int, "id" uuid, "self" int, "Self" int, "crate" int, "_" int, "$" int,
    "日本" text, "🙂" text, "''" "select".comp, "type" "select"."do main",
    "a.b" int[], "a/b" int[][], "`" int4multirange, "|" tsvector, "Aa" int, "aA" int);
COMMENT ON TABLE "a b"."select" IS E'*/ """ | \\ \n <!-- --> <script> ``` `x` ${y} {{z}} # [link](a) \u202e end';
COMMENT ON COLUMN "a b"."select"."x""y" IS E'*/ """ | \\ \n "" \t\\u0041';
CREATE TABLE "select"."select" ("primary" int REFERENCES "a b"."select", k text, PRIMARY KEY ("primary", k));
CREATE TABLE "Query"."select" (id int primary key, "parent" int references "Query"."select", "other" int references "Query"."select");
CREATE TABLE "Query"."Mutation" (id bigserial primary key, "filter" int, "limit" int, "nextToken" text);
CREATE INDEX ON "Query"."Mutation" ("filter", "limit", "nextToken");
CREATE TABLE "größe$"."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" ("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" int primary key);
CREATE TABLE public.zero ();
CREATE VIEW "a b"."v|iew" AS SELECT s."primary", s."x""y" AS "c|d", count(*) AS "n`" FROM "a b"."select" s JOIN "select"."select" t ON t."primary" = s."primary" GROUP BY 1, 2;
