//! The views of the schema {{ title }}.
{% for view in views %}
{% let item = view.row %}{% let consts = view.consts %}
{% include "models/schema/struct.rs" %}
{% include "models/schema/relation.rs" %}
{% endfor %}
