{% if let Some(item) = table.id %}
{% include "models/schema/newtype.rs" %}
{% endif %}
{% let item = table.row %}{% let consts = table.consts %}
{% include "models/schema/struct.rs" %}
{% include "models/schema/relation.rs" %}
{% let item = table.new %}
{% include "models/schema/struct.rs" %}
{% let item = table.update %}
{% include "models/schema/struct.rs" %}
