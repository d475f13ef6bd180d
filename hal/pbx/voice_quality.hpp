// MOS of speech by ITU-T G.107 (06/2015), for whoever hears of loss and delay. Pure. MOS-LQ is listening quality: loss
// alone. MOS-CQ is conversational: with the delay. Both assume G.711 with loss concealment (G.113 Appendix I: Ie 0, Bpl
// 25.1): an upper bound for other codecs.
#pragma once

#include <cstdint>

#include "hal/platform/time.hpp"

namespace hf::pbx {

// G.107 with its defaults: R = 93.2 - Idd - Ie,eff, then annex B for MOS. `loss` from 0 to 1, `delay` one way.
double mos_lq(double loss);
double mos_cq(double loss, Duration delay);
// As events tell it: 4.41 is 441.
uint16_t in_hundredths(double mos);

}  // namespace hf::pbx
