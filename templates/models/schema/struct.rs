{% for line in item.docs %}///{{ line }}
{% endfor %}{% for attribute in item.attributes %}#[{{ attribute }}]
{% endfor %}pub struct {{ item.ident }} {
{% for field in item.fields %}{% for line in field.docs %}    ///{{ line }}
{% endfor %}{% for attribute in field.attributes %}    #[{{ attribute }}]
{% endfor %}    pub {{ field.ident }}: {{ field.type_path }},
{% endfor %}}
