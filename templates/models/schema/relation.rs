impl {{ item.ident }} {
    /// The schema, unquoted.
    pub const SCHEMA: &'static str = {{ consts.schema }};
    /// The table or view, unquoted.
    pub const TABLE: &'static str = {{ consts.table }};
    /// The columns in order, unquoted.
    pub const COLUMNS: &'static [&'static str] = &[{% for column in consts.columns %}{{ column }}, {% endfor %}];
    /// The columns of the primary key in its order; none: there is no key.
    pub const PRIMARY_KEY: &'static [&'static str] = &[{% for column in consts.primary_key %}{{ column }}, {% endfor %}];
    /// Reads all rows, each column through the cast that its field needs. A
    /// WHERE clause may follow.
    pub const SELECT: &'static str = {{ consts.select }};
}
{% if from_row %}
#[cfg(feature = "tokio-postgres")]
impl {{ item.ident }} {
    /// Reads a row of [`Self::SELECT`], the columns by their names.
    ///
    /// # Errors
    /// A column that is missing, of another type, or NULL or out of range for
    /// its field.
    pub fn from_row(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {
        {% if item.fields.is_empty() %}let _ = row;{% endif %}
        Ok(Self {
            {% for field in item.fields %}{{ field.ident }}: row.try_get({{ field.key }})?,
            {% endfor %}
        })
    }
}
{% endif %}
