package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.tensor.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is chosen depends on how the JVM was started, so each case starts one. */
class GemmSelectionTest {

    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    /**
     * Prints the chosen kernel's name and whether it computes right, at once and once warm, or the exception's message.
     */
    static final class Probe {

        private Probe() {}

        public static void main(String[] args) throws InterruptedException {
            try {
                Gemm gemm = GemmSelection.best();
                double worst = worstError(gemm);
                if (gemm instanceof GemmWarmUp warming) {
                    Gemm settled = warming.settled();
                    worst = Math.max(worst, worstError(settled));
                    System.out.print(settled.name().equals(gemm.name()) ? "" : "settled on " + settled.name() + " ");
                }
                System.out.println(gemm.name() + (worst <= 1 ? " right" : " wrong by " + worst));
            } catch (DeviceException refused) {
                System.out.println(refused.getMessage());
            }
        }

        private static double worstError(Gemm gemm) {
            Random random = new Random(5);
            double worst = 0;
            for (int i = 0; i < 40; i++) {
                GemmCase product = new GemmCase(random.nextBoolean(), random.nextBoolean(), 1 + random.nextInt(70),
                        1 + random.nextInt(70), 1 + random.nextInt(70), random.nextBoolean(), i);
                worst = Math.max(worst, product.worstError(product.run(gemm, Parallel.SERIAL)));
            }
            return worst;
        }
    }

    private static String probe(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    @Test
    void withoutTheModuleThePlainKernelIsChosen() throws Exception {
        assertThat(probe()).isEqualTo("plain right");
    }

    @Test
    void withoutFusedMultiplyAddThePlainKernelIsChosenAndRight() throws Exception {
        assertThat(probe(MODULE, "-XX:+UnlockDiagnosticVMOptions", "-XX:-UseFMA")).isEqualTo("plain right");
    }

    @Test
    void withTheModuleTheVectorKernelIsChosen() throws Exception {
        assertThat(probe(MODULE)).matches("vector-(128|256|512) right");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void narrowerVectorsAreRightToo(int bytes) throws Exception {
        assertThat(probe(MODULE, "-XX:MaxVectorSize=" + bytes)).isEqualTo("vector-" + 8 * bytes + " right");
    }

    @Test
    void thePropertyForcesAKernel() throws Exception {
        assertThat(probe(MODULE, "-Dlimpid.gemm=plain")).isEqualTo("plain right");
        assertThat(probe(MODULE, "-Dlimpid.gemm=vector")).startsWith("vector-");
    }

    @Test
    void thePropertyIsRefusedWhenItCannotBeMet() throws Exception {
        assertThat(probe("-Dlimpid.gemm=vector")).isEqualTo("limpid.gemm=vector needs the module jdk.incubator.vector,"
                + " which this JVM was started without; add --add-modules jdk.incubator.vector to the java command,"
                + " or remove the property");
        assertThat(probe("-Dlimpid.gemm=native")).isEqualTo("limpid.gemm=native needs the jar org.bytedeco:dnnl or"
                + " org.bytedeco:openblas of the classifier linux-x86_64, and that platform; add it to the class path, or"
                + " remove the property");
        assertThat(probe("-Dlimpid.gemm=onednn")).startsWith("limpid.gemm=onednn needs the jar org.bytedeco:dnnl of");
        assertThat(probe("-Dlimpid.gemm=fast"))
                .isEqualTo("system property limpid.gemm must be plain, vector, java, openblas, onednn or native,"
                        + " found 'fast'");
    }
}
