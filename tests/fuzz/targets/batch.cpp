// The items of a batch, and a batch that is cut in two.

#include <memory>
#include <string>

#include "client/producer/message_encoder.h"
#include "fuzz/fuzz_target.h"
#include "wire/batch.h"
#include "wire/properties.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SharedBytes bytes = fuzz::shared({data, size});
  wire::BatchReader reader(bytes.view);
  wire::BatchItemView item;
  bool found = true;
  std::size_t items = 0;
  Errc error = Errc::ok;
  while ((error = reader.next(item, found)) == Errc::ok && found) {
    fuzz::require(fuzz::within(item.body, bytes.view) && fuzz::within(as_bytes(item.properties), bytes.view),
                  "views lie within the input");
    wire::PropertyReader properties(item.properties);
    std::string_view name;
    std::string_view value;
    while (properties.next(name, value))
      fuzz::require(!name.empty(), "a property has a name");
    ++items;
    fuzz::require(items * wire::batch_item_overhead <= size, "there are no more items than fit");
  }
  if (items < 2) return 0;
  client::EncodedBatch whole;
  whole.count = items;
  whole.batch = true;
  whole.body = std::make_shared<const std::string>(as_text(bytes.view));
  client::EncodedBatch front;
  client::EncodedBatch back;
  if (client::split_batch(whole, front, back)) {
    fuzz::require(front.count + back.count == items, "no message is lost by cutting");
    fuzz::require(back.first == front.count, "the second half follows the first");
  }
  return 0;
}
