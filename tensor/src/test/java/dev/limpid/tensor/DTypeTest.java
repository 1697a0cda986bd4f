package dev.limpid.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DTypeTest {
    @Test
    void onlyTheFourFloatingTypesCanBecomeWeights() {
        assertThat(DType.values()).filteredOn(DType::isFloatingPoint)
                .containsExactly(DType.F64, DType.F32, DType.F16, DType.BF16);
    }
}
