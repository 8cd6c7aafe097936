{% for line in item.docs %}///{{ line }}
{% endfor %}{% for attribute in item.attributes %}#[{{ attribute }}]
{% endfor %}pub struct {{ item.ident }}(
{% for attribute in item.field_attributes %}    #[{{ attribute }}]
{% endfor %}    pub {{ item.inner }},
);

impl From<{{ item.inner }}> for {{ item.ident }} {
    fn from(value: {{ item.inner }}) -> Self {
        Self(value)
    }
}
{% if item.display %}
impl std::fmt::Display for {{ item.ident }} {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
{% endif %}
