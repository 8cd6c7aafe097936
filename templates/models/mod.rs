//! Rust types for the tables, views and types of a Postgres database: a module
//! for each schema.
//!
{% if cargo.is_empty() -%}
//! They need nothing of the crate that includes them.
{% else -%}
//! The crate that includes them lists in its Cargo.toml what they need:
//!
//! ```toml
{% for line in cargo -%}
//!{% if !line.is_empty() %} {% endif %}{{ line }}
{% endfor -%}
//! ```
{% if features -%}
//!
//! A feature that is of no use to it is declared empty (`sqlx = []`), or left
//! out of `models.features` in project.yaml.
{% endif -%}
{% endif %}
#![allow(dead_code, unused_imports, reason = "the models cover the whole schema, and no program uses all of it")]
{% if features -%}
#![allow(unexpected_cfgs, reason = "which of the features it has is for the including crate to decide; compilers that take this attribute for cfg_attr only at a crate's root want them declared there")]
{% endif %}
pub mod support;
{% for schema in schemas %}
{% for line in schema.docs %}///{{ line }}
{% endfor -%}
pub mod {{ schema.ident }};
{% endfor %}
