#pragma once
#include <cstdint>
#include <string_view>

namespace weir::kafka {

/// The hash of Kafka's Java client (org.apache.kafka.common.utils.Utils.murmur2): 32-bit MurmurHash2 with its seed, read as little
/// endian.
[[nodiscard]] std::uint32_t murmur2(std::string_view bytes);

/// The partition the Java client's default partitioner gives to a key that is not null; an empty key is a key. `count` > 0.
[[nodiscard]] std::int32_t partition_of(std::string_view key, std::int32_t count);

}  // namespace weir::kafka
