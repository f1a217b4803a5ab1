#include "wire/signing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "wire/openssl_setup.h"

namespace rocketmq::wire {

namespace {

constexpr std::string_view access_key_field = "AccessKey";
constexpr std::string_view channel_field = "OnsChannel";
constexpr std::string_view signature_field = "Signature";

}  // namespace

Sha1Digest hmac_sha1(std::string_view key, std::string_view text, ByteView body) {
  // One contiguous input for OpenSSL's one-shot call, which needs no context of a certain OpenSSL version.
  std::string content;
  content.reserve(text.size() + body.size());
  content += text;
  content += as_text(body);
  set_up_openssl();
  Sha1Digest digest{};
  unsigned int length = 0;
  const std::size_t key_bytes =
      std::min(key.size(), static_cast<std::size_t>(std::numeric_limits<int>::max()));
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key_bytes),
       reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(), &length);
  return digest;
}

std::string encode_base64(ByteView bytes) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = (bits << 8) | (k < count ? bytes[i + k] : 0U);
    out += alphabet[(bits >> 18) & 0x3FU];
    out += alphabet[(bits >> 12) & 0x3FU];
    out += count > 1 ? alphabet[(bits >> 6) & 0x3FU] : '=';
    out += count > 2 ? alphabet[bits & 0x3FU] : '=';
  }
  return out;
}

void sign(Command& command, ByteView body, const Credentials& credentials) {
  if (credentials.empty()) return;
  ExtFields& fields = command.ext_fields;
  fields.remove(signature_field);
  fields.set(access_key_field, credentials.access_key);
  if (!credentials.access_channel.empty()) fields.set(channel_field, credentials.access_channel);

  std::vector<const ExtFields::Field*> sorted;
  sorted.reserve(fields.size());
  for (const ExtFields::Field& field : fields)
    sorted.push_back(&field);
  std::sort(sorted.begin(), sorted.end(), [](const ExtFields::Field* left, const ExtFields::Field* right) {
    return left->first < right->first;
  });
  std::string values;
  for (const ExtFields::Field* field : sorted)
    values += field->second;
  fields.set(signature_field, encode_base64(hmac_sha1(credentials.secret_key, values, body)));
}

}  // namespace rocketmq::wire
