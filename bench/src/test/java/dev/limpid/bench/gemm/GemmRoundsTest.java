package dev.limpid.bench.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpid.bench.BenchException;
import dev.limpid.bench.Clock;
import dev.limpid.bench.rounds.FmaPeak;
import dev.limpid.tensor.cpu.CpuKernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GemmRoundsTest {
    private static final GemmShape SMALL = new GemmShape(33, 40, 50, false, true, 2);

    @Test
    void ourKernelsAgreeWithTheLibraries() throws InterruptedException {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(platform.equals("Linux amd64"),
                "OpenBLAS and oneDNN are packaged for Linux amd64 only, this is " + platform);
        try (CpuKernels.Threads threads = new CpuKernels.Threads(2); FmaPeak peak = new FmaPeak(Clock.CPU, 1)) {
            List<NativeContender> libraries = NativeContender.all();
            assertThat(libraries).extracting(NativeContender::name).hasSize(2).last().isEqualTo("oneDNN");
            assertThat(libraries.getFirst().name()).matches("OpenBLAS \\w+");
            List<Contender> contenders = new ArrayList<>(libraries);
            contenders.add(Contender.of(CpuKernels.vector(), threads));
            contenders.add(Contender.of(CpuKernels.plain(), threads));
            for (GemmShape shape : List.of(SMALL, new GemmShape(20, 300, 40, true, false, 1))) {
                GemmRounds rounds = new GemmRounds(shape, contenders, peak, Clock.CPU);
                rounds.measure(1, 2);
                assertThat(rounds.worstDifference()).isLessThan(1e-4);
                assertThat(rounds.counted() + rounds.discarded()).isBetween(1, 2);
            }
        }
    }

    @Test
    void aWrongAnswerEndsTheRun() {
        try (CpuKernels.Threads threads = new CpuKernels.Threads(1); FmaPeak peak = new FmaPeak(Clock.CPU, 1)) {
            Contender right = Contender.of(CpuKernels.plain(), threads);
            Contender wrong = new Contender() {
                @Override
                public String name() {
                    return "wrong";
                }

                @Override
                public void multiply(Operands operands, float[] c) {
                    right.multiply(operands, c);
                    c[c.length - 1] += 0.001f;
                }
            };
            GemmRounds rounds = new GemmRounds(SMALL, List.of(right, wrong), peak, Clock.CPU);
            assertThatThrownBy(() -> rounds.measure(1, 1)).isInstanceOf(BenchException.class)
                    .hasMessageStartingWith("wrong computes 2 of 33x40x50 NT wrong");
        }
    }

    @Test
    void aNumberThatIsNoneIsNoRightAnswer() {
        assertThat(Operands.distance(new float[]{1, Float.NaN, 3}, new float[]{1, 2, 3})).isNaN();
        assertThat(Operands.distance(new float[]{1, 2, 5}, new float[]{1, 2, 3})).isEqualTo(2);
    }
}
