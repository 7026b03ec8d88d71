#pragma once
#include <librdkafka/rdkafka.h>
#include <weir/error.hpp>

/// What librdkafka's errors mean to the sink. Whatever is none of these may pass: it is tried again for ever.
namespace weir::kafka {

/// The broker refuses who we are, or we refuse its certificate.
[[nodiscard]] bool is_login_refusal(rd_kafka_resp_err_t error);
/// We may log in, but not write.
[[nodiscard]] bool is_denial(rd_kafka_resp_err_t error);
/// A broker answered, and the answer is no: the topic is missing, its name is invalid, or we may not know of it.
[[nodiscard]] bool is_about_topic(rd_kafka_resp_err_t error);
/// A cluster answered that it will not make the topic.
[[nodiscard]] bool is_about_creation(rd_kafka_resp_err_t error);
/// The broker refuses a batch for what is in it. All its records carry the error, though one of them is the cause.
[[nodiscard]] bool is_about_records(rd_kafka_resp_err_t error);
/// Why a record was refused that was alone in its batch.
[[nodiscard]] Reason reason_of(rd_kafka_resp_err_t error);

}  // namespace weir::kafka
