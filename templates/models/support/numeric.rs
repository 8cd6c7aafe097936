/// A `numeric` of any size. NaN and the infinities are errors when read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
{% include "models/support/data.rs" %}
{% if serde %}#[cfg_attr(feature = "serde", serde(transparent))]{% endif %}
{% if schemars %}#[cfg_attr(feature = "schemars", schemars(transparent))]{% endif %}
pub struct Numeric(pub bigdecimal::BigDecimal);

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<bigdecimal::BigDecimal> for Numeric {
    fn from(value: bigdecimal::BigDecimal) -> Self {
        Self(value)
    }
}
{% if postgres || sqlx %}
#[cfg(any({% if postgres %}feature = "postgres-types",{% endif %} {% if sqlx %}feature = "sqlx"{% endif %}))]
impl Numeric {
    /// Reads groups of four digits: their number, the power of 10,000 of the
    /// first, the sign and the digits behind the point stand before them.
    fn from_wire(raw: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let words: Vec<u16> = raw.chunks_exact(2).map(|word| u16::from_be_bytes([word[0], word[1]])).collect();
        let [count, weight, sign, scale, groups @ ..] = words.as_slice() else {
            return Err("a numeric that breaks off".into());
        };
        if usize::from(*count) != groups.len() {
            return Err("a numeric of another length than it says".into());
        }
        let mut digits: String = groups.iter().map(|group| format!("{group:04}")).collect();
        if digits.is_empty() {
            digits.push('0');
        }
        match sign {
            0 => {}
            0x4000 => digits.insert(0, '-'),
            _ => return Err("NaN and the infinities are no BigDecimal".into()),
        }
        let weight = i64::from(i16::from_be_bytes(weight.to_be_bytes()));
        let places = 4 * (i64::try_from(groups.len())? - 1 - weight);
        let integer: bigdecimal::num_bigint::BigInt = digits.parse()?;
        let scale = i64::from(*scale);
        // A zero has no digits, and with_scale gives it none behind the point.
        Ok(Self(match groups {
            [] => bigdecimal::BigDecimal::new(integer, scale),
            _ => bigdecimal::BigDecimal::new(integer, places).with_scale(scale),
        }))
    }

    fn to_wire(&self) -> Result<Vec<u8>, Box<dyn Error + Sync + Send>> {
        let value = if self.0.fractional_digit_count() < 0 { self.0.with_scale(0) } else { self.0.clone() };
        let (integer, scale) = value.as_bigint_and_exponent();
        let scale = usize::try_from(scale)?;
        let digits = format!("{:0>width$}", integer.magnitude().to_string(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let whole = format!("{whole:0>width$}", width = whole.len().next_multiple_of(4));
        let fraction = format!("{fraction:0<width$}", width = fraction.len().next_multiple_of(4));
        let mut groups = Vec::new();
        for group in [whole.as_str(), fraction.as_str()].concat().as_bytes().chunks(4) {
            groups.push(group.iter().fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0')));
        }
        let leading = groups.iter().take_while(|group| **group == 0).count();
        groups.drain(..leading);
        while groups.last() == Some(&0) {
            groups.pop();
        }
        let weight = i64::try_from(whole.len() / 4)? - 1 - i64::try_from(leading)?;
        let weight = if groups.is_empty() { 0 } else { i16::try_from(weight)? };
        let negative = integer.sign() == bigdecimal::num_bigint::Sign::Minus;
        let mut wire = u16::try_from(groups.len())?.to_be_bytes().to_vec();
        wire.extend_from_slice(&weight.to_be_bytes());
        wire.extend_from_slice(&(if negative { 0x4000_u16 } else { 0 }).to_be_bytes());
        wire.extend_from_slice(&u16::try_from(scale)?.to_be_bytes());
        groups.iter().for_each(|group| wire.extend_from_slice(&group.to_be_bytes()));
        Ok(wire)
    }
}
{% endif %}
{% if postgres %}
#[cfg(feature = "postgres-types")]
impl<'a> postgres_types::FromSql<'a> for Numeric {
    fn from_sql(_: &postgres_types::Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Self::from_wire(raw)
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        *ty == postgres_types::Type::NUMERIC
    }
}

#[cfg(feature = "postgres-types")]
impl postgres_types::ToSql for Numeric {
    fn to_sql(
        &self,
        _: &postgres_types::Type,
        out: &mut bytes::BytesMut,
    ) -> Result<postgres_types::IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.to_wire()?);
        Ok(postgres_types::IsNull::No)
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        *ty == postgres_types::Type::NUMERIC
    }

    postgres_types::to_sql_checked!();
}
{% endif %}
{# sqlx has a codec of its own for BigDecimal, which loses zeros at the end. #}
{% if sqlx %}
#[cfg(feature = "sqlx")]
impl sqlx::Type<sqlx::Postgres> for Numeric {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        sqlx::postgres::PgTypeInfo::with_oid(sqlx::postgres::types::Oid(1700))
    }
}

#[cfg(feature = "sqlx")]
impl sqlx::postgres::PgHasArrayType for Numeric {
    fn array_type_info() -> sqlx::postgres::PgTypeInfo {
        sqlx::postgres::PgTypeInfo::with_oid(sqlx::postgres::types::Oid(1231))
    }
}

#[cfg(feature = "sqlx")]
impl<'r> sqlx::Decode<'r, sqlx::Postgres> for Numeric {
    fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        match value.format() {
            sqlx::postgres::PgValueFormat::Binary => Self::from_wire(value.as_bytes()?),
            sqlx::postgres::PgValueFormat::Text => Err("a query without arguments sends text: prepare it".into()),
        }
    }
}

#[cfg(feature = "sqlx")]
impl sqlx::Encode<'_, sqlx::Postgres> for Numeric {
    fn encode_by_ref(
        &self,
        buffer: &mut sqlx::postgres::PgArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        buffer.extend_from_slice(&self.to_wire()?);
        Ok(sqlx::encode::IsNull::No)
    }
}
{% endif %}
