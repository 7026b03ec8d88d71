#include <weir/plugin.hpp>

#include "kafka_sink.h"

WEIR_PLUGIN(weir::kafka::KafkaSink)
