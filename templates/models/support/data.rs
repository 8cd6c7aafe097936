{% if serde %}#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]{% endif %}
{% if schemars %}#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]{% endif %}
