//! The domains of the schema {{ title }}.
{% for item in domains %}
{% include "models/schema/newtype.rs" %}
{% endfor %}
