{% for file in files %}pub mod {{ file }};
{% endfor %}
{% for file in files %}pub use self::{{ file }}::*;
{% endfor %}
