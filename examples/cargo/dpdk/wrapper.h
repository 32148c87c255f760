// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_ring.h>
