//! TLS as libpq does it: what `sslmode` and `sslrootcert` verify.
//!
//! `prefer` and `require` verify nothing, unless a root certificate is there;
//! `verify-ca` wants a chain to a trusted root; `verify-full` the host's name
//! as well (<https://www.postgresql.org/docs/current/libpq-ssl.html>).

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::ConnectError;
use crate::postgres::settings::{ConnectionSettings, SslMode, SslRootCert};

/// What encrypts the connections of one session.
pub(super) struct Tls {
    connector: MakeRustlsConnect,
}

impl Tls {
    /// # Errors
    /// A root certificate that cannot be read, or a system that trusts none.
    pub(super) fn new(settings: &ConnectionSettings) -> Result<Tls, ConnectError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Verifier { depth: depth(settings)?, provider: Arc::clone(&provider) };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ConnectError::Tls(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        // A server that is spoken to in TLS at once wants to know for what.
        if settings.direct_tls {
            config.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(Tls { connector: MakeRustlsConnect::new(config) })
    }

    pub(super) fn connector(&self) -> MakeRustlsConnect {
        self.connector.clone()
    }
}

/// How much of a certificate is verified.
#[derive(Debug)]
enum Depth {
    Nothing,
    Chain(Roots),
    ChainAndName(Roots),
}

/// What is trusted, as anchors and as it was read.
#[derive(Debug)]
struct Roots {
    anchors: RootCertStore,
    certificates: Vec<CertificateDer<'static>>,
}

fn depth(settings: &ConnectionSettings) -> Result<Depth, ConnectError> {
    if settings.is_unix_socket() {
        return Ok(Depth::Nothing);
    }
    let named = settings.sslrootcert.clone().or_else(|| default_root_file().map(SslRootCert::File));
    Ok(match (settings.sslmode, named) {
        (SslMode::Disable | SslMode::Allow | SslMode::Prefer, _) | (SslMode::Require, None) => Depth::Nothing,
        (SslMode::Require, Some(named)) => Depth::Chain(roots(&named)?),
        // libpq fails where no root certificate is named. The system's roots
        // verify no less, and most people who write verify-full mean them.
        (SslMode::VerifyCa, named) => Depth::Chain(roots(&named.unwrap_or(SslRootCert::System))?),
        (SslMode::VerifyFull, named) => Depth::ChainAndName(roots(&named.unwrap_or(SslRootCert::System))?),
    })
}

/// `~/.postgresql/root.crt`, where it is there.
fn default_root_file() -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os("HOME")?).join(".postgresql").join("root.crt");
    path.is_file().then_some(path)
}

fn roots(named: &SslRootCert) -> Result<Roots, ConnectError> {
    let (certificates, place) = match named {
        SslRootCert::System => (rustls_native_certs::load_native_certs().certs, "the system's store".to_owned()),
        SslRootCert::File(path) => {
            let unreadable =
                |reason: String| ConnectError::RootCertificate { place: path.display().to_string(), reason };
            let certificates = CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?;
            let certificates = certificates.collect::<Result<Vec<_>, _>>();
            (certificates.map_err(|error| unreadable(error.to_string()))?, path.display().to_string())
        }
    };
    let mut anchors = RootCertStore::empty();
    let (added, _) = anchors.add_parsable_certificates(certificates.iter().cloned());
    if added == 0 {
        return Err(ConnectError::RootCertificate { place, reason: "it holds no certificate".to_owned() });
    }
    Ok(Roots { anchors, certificates })
}

#[derive(Debug)]
struct Verifier {
    depth: Depth,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn verify_chain(
        &self,
        roots: &Roots,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), rustls::Error> {
        let parsed = ParsedCertificate::try_from(end_entity)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(&parsed, &roots.anchors, intermediates, now, algorithms) {
            // A self-signed server certificate that is named as its own root
            // is what OpenSSL accepts and webpki calls a CA in the wrong
            // place. That it has expired, webpki would have said before.
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(_)))
                if roots.certificates.iter().any(|root| root.as_ref() == end_entity.as_ref()) =>
            {
                Ok(())
            }
            outcome => outcome,
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.depth {
            Depth::Nothing => {}
            Depth::Chain(roots) => self.verify_chain(roots, end_entity, intermediates, now)?,
            Depth::ChainAndName(roots) => {
                self.verify_chain(roots, end_entity, intermediates, now)?;
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    // The handshake's signature is verified in every mode: channel binding
    // says nothing about a peer that need not hold the certificate's key.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
