//! The composite types of the schema {{ title }}.
{% for item in composites %}
{% include "models/schema/struct.rs" %}
{% endfor %}
