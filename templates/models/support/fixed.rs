{% if postgres %}
#[cfg(feature = "postgres-types")]
impl<'a> postgres_types::FromSql<'a> for {{ ident }} {
    fn from_sql(_: &postgres_types::Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::from_wire(raw.try_into()?))
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        *ty == postgres_types::Type::{{ postgres_name }}
    }
}

#[cfg(feature = "postgres-types")]
impl postgres_types::ToSql for {{ ident }} {
    fn to_sql(
        &self,
        _: &postgres_types::Type,
        out: &mut bytes::BytesMut,
    ) -> Result<postgres_types::IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.to_wire());
        Ok(postgres_types::IsNull::No)
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        *ty == postgres_types::Type::{{ postgres_name }}
    }

    postgres_types::to_sql_checked!();
}
{% endif %}
{% if sqlx %}
#[cfg(feature = "sqlx")]
impl sqlx::Type<sqlx::Postgres> for {{ ident }} {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        sqlx::postgres::PgTypeInfo::with_oid(sqlx::postgres::types::Oid({{ oid }}))
    }
}

#[cfg(feature = "sqlx")]
impl<'r> sqlx::Decode<'r, sqlx::Postgres> for {{ ident }} {
    fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        match value.format() {
            sqlx::postgres::PgValueFormat::Binary => Ok(Self::from_wire(value.as_bytes()?.try_into()?)),
            sqlx::postgres::PgValueFormat::Text => Err("a query without arguments sends text: prepare it".into()),
        }
    }
}

#[cfg(feature = "sqlx")]
impl sqlx::Encode<'_, sqlx::Postgres> for {{ ident }} {
    fn encode_by_ref(
        &self,
        buffer: &mut sqlx::postgres::PgArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        buffer.extend_from_slice(&self.to_wire());
        Ok(sqlx::encode::IsNull::No)
    }
}
{% endif %}
