{% for line in item.docs %}///{{ line }}
{% endfor %}{% for attribute in item.attributes %}#[{{ attribute }}]
{% endfor %}pub enum {{ item.ident }} {
{% for variant in item.variants %}{% for line in variant.docs %}    ///{{ line }}
{% endfor %}{% for attribute in variant.attributes %}    #[{{ attribute }}]
{% endfor %}    {{ variant.ident }},
{% endfor %}}

impl {{ item.ident }} {
    /// Every label, in the order in which Postgres sorts them.
    pub const ALL: &'static [Self] = &[{% for variant in item.variants %}Self::{{ variant.ident }}, {% endfor %}];

    /// The label.
    pub fn as_str(&self) -> &'static str {
        match *self {
            {% for variant in item.variants %}Self::{{ variant.ident }} => {{ variant.label }},
            {% endfor %}
        }
    }
}

impl std::fmt::Display for {{ item.ident }} {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for {{ item.ident }} {
    type Err = super::super::support::UnknownLabel;

    fn from_str(label: &str) -> Result<Self, Self::Err> {
{% if item.variants.is_empty() %}
        Err(super::super::support::UnknownLabel { enumeration: {{ item.name }}, label: label.to_owned() })
{% else %}
        match label {
            {% for variant in item.variants %}{{ variant.label }} => Ok(Self::{{ variant.ident }}),
            {% endfor %}_ => Err(super::super::support::UnknownLabel { enumeration: {{ item.name }}, label: label.to_owned() }),
        }
{% endif %}
    }
}
