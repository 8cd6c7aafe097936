{% let item = view.row %}{% let consts = view.consts %}
{% include "models/schema/struct.rs" %}
{% include "models/schema/relation.rs" %}
