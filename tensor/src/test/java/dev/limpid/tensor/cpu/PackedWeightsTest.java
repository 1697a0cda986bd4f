package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedWeightsTest {
    private static final int ROWS = 70;
    private static final int COLUMNS = 40;

    private final float[] values = new float[ROWS * COLUMNS];
    private final PackedWeights.Forms forms = new PackedWeights.Forms();

    private static PackedWeights weights(Gemm gemm, long otherBytes, long most) {
        return new PackedWeights(gemm, Parallel.SERIAL, () -> otherBytes, most);
    }

    @Test
    void packsAMatrixOnceForEachUse() {
        PackedWeights weights = weights(new VectorGemm(), 0, 1 << 20);
        PackedMatrix forward = weights.get(forms, true, values, ROWS, COLUMNS);
        PackedMatrix backward = weights.get(forms, false, values, ROWS, COLUMNS);
        assertThat(forward.k()).isEqualTo(COLUMNS);
        assertThat(forward.n()).isEqualTo(ROWS);
        assertThat(backward.k()).isEqualTo(ROWS);
        assertThat(backward.n()).isEqualTo(COLUMNS);
        assertThat(weights.get(forms, true, values, ROWS, COLUMNS)).isSameAs(forward);
        assertThat(weights.get(forms, false, values, ROWS, COLUMNS)).isSameAs(backward);
    }

    @Test
    void packsOnceForManyThreads() throws Exception {
        PackedWeights weights = weights(new VectorGemm(), 0, 1 << 20);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var results = threads.invokeAll(IntStream.range(0, 8).<java.util.concurrent.Callable<PackedMatrix>>mapToObj(
                    _ -> () -> weights.get(forms, true, values, ROWS, COLUMNS))
                    .toList());
            for (Future<PackedMatrix> result : results) {
                assertThat(result.get()).isSameAs(weights.get(forms, true, values, ROWS, COLUMNS));
            }
        }
    }

    @Test
    void packsOnlyWhatHasRoomBesideTheRest() {
        long one = 4L * ROWS * COLUMNS;
        PackedWeights weights = weights(new VectorGemm(), 1000, 1000 + one);
        assertThat(weights.get(forms, true, values, ROWS, COLUMNS)).isNotNull();
        assertThat(weights.get(forms, false, values, ROWS, COLUMNS)).isNull();
        assertThat(weights.get(forms, true, values, ROWS, COLUMNS)).as("what was packed before").isNotNull();
    }

    @Test
    void leavesPartsOfAMatrixOtherShapesAndWhatIsNoWeightAsTheyAre() {
        PackedWeights weights = weights(new VectorGemm(), 0, 1 << 20);
        assertThat(weights.get(forms, true, values, ROWS - 1, COLUMNS)).isNull();
        assertThat(weights.get(null, true, values, ROWS, COLUMNS)).isNull();
        assertThat(weights.get(forms, true, values, ROWS, COLUMNS)).isNotNull();
        assertThat(weights.get(forms, true, values, COLUMNS, ROWS)).isNull();
    }

    @Test
    void aKernelThatPacksNothingIsLeftAlone() {
        assertThat(weights(new PlainGemm(), 0, 1 << 20).get(forms, true, values, ROWS, COLUMNS)).isNull();
    }
}
