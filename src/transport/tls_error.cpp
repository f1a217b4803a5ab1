#include "transport/tls_error.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <asio/error.hpp>
#include <asio/ssl/error.hpp>

namespace rocketmq::transport {

namespace {

bool is_openssl(const asio::error_code& error) {
  return error.category() == asio::error::get_ssl_category();
}

int reason_of(const asio::error_code& error) {
  return is_openssl(error) ? ERR_GET_REASON(static_cast<unsigned long>(error.value())) : 0;
}

/// The connection ended without a word of TLS about it.
bool is_plain_end(const asio::error_code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset ||
         error == asio::error::broken_pipe || error == asio::ssl::error::stream_truncated;
}

/// What arrived is not TLS at all.
bool is_other_protocol(int reason) {
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
         reason == SSL_R_HTTP_REQUEST || reason == SSL_R_UNEXPECTED_MESSAGE ||
         reason == SSL_R_BAD_RECORD_TYPE;
}

/// Alerts by which a server says that it wants a certificate, or another one, from the client.
bool is_about_our_certificate(int reason) {
  switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
      return true;
    default:
      return false;
  }
}

std::string advice_on_certificate(bool has_certificate) {
  return has_certificate ? "the server does not accept this client's certificate; check that tlsCertFile is "
                           "signed by a CA that the server trusts and has not expired"
                         : "the server may demand a client certificate; set tlsCertFile and tlsKeyFile";
}

/// Why the server's certificate was not accepted.
std::string explain_verification(long result, const std::string& host, const TlsContext& context) {
  switch (result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate does not name '" + host +
             "'; use an address that it names, or have the address put into its subjectAltName, or set "
             "tlsVerifyHost=false, which still checks who signed it";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired; renew it at the server, and check this machine's clock";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet; check this machine's clock";
    default:
      return "its certificate is not trusted (" + std::string(X509_verify_cert_error_string(result)) +
             ") by " + context.ca_source() +
             "; give the file of the CA that signed it as tlsCaFile, or check that the address is right";
  }
}

}  // namespace

Failure handshake_failure(const std::string& address, const std::string& host, const asio::error_code& error,
                          long verify_result, const TlsContext& context) {
  const std::string prefix = "the TLS handshake with " + address + " failed: ";
  if (context.verifies() && verify_result != X509_V_OK) {
    return {Errc::tls_failed, prefix + explain_verification(verify_result, host, context), std::nullopt};
  }
  if (is_plain_end(error)) {
    return {
        Errc::connect_failed,
        prefix +
            "the server closed the connection; it may not speak TLS (then leave useTLS out) or be stopping",
        std::nullopt};
  }
  const int reason = reason_of(error);
  if (is_other_protocol(reason)) {
    return {Errc::tls_failed,
            prefix + "what the server sent is not TLS (" + error.message() +
                "); check the address, and leave useTLS out if the server does not speak TLS",
            std::nullopt};
  }
  if (is_about_our_certificate(reason)) {
    return {Errc::tls_failed,
            prefix + error.message() + "; " + advice_on_certificate(context.has_certificate()), std::nullopt};
  }
  return {is_openssl(error) ? Errc::tls_failed : Errc::connect_failed,
          prefix + error.message() + "; check the server's TLS settings (TLS 1.2 or newer is needed)",
          std::nullopt};
}

std::string explain_tls_error(const asio::error_code& error, bool has_certificate) {
  if (!is_about_our_certificate(reason_of(error))) return error.message();
  return error.message() + ": " + advice_on_certificate(has_certificate);
}

}  // namespace rocketmq::transport
