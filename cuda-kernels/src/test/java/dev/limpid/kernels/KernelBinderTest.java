package dev.limpid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Ints;
import dev.limpid.kernels.Pointer.Stored;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.Precision;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java interface against the text of its kernels, without a device; and that a disagreement is refused. */
class KernelBinderTest {
    private static final KernelText TEXT = new KernelText("example", """
            KERNEL GROUP_SIZE(BLOCK, 2) scale_rows_fwd(GLOBAL const STORED *restrict x, GLOBAL const int *restrict rows,
                    GLOBAL float *restrict y, float factor, int columns, I64 n) {
                y[0] = factor;
            }
            """);

    static List<Arguments> families() {
        List<Arguments> all = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            all.add(Arguments.of("rows", RowKernels.class, precision));
            all.add(Arguments.of("elementwise", ElementwiseKernels.class, precision));
            all.add(Arguments.of("embeddings", EmbeddingKernels.class, precision));
            all.add(Arguments.of("path", PathKernels.class, precision));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("families")
    void everyKernelIsAMethodAndEveryMethodAKernel(String family, Class<?> api, Precision precision) {
        Map<Method, KernelText.Declaration> checked = KernelBinder.check(api,
                KernelText.of(family).declarations(KernelText.defines(precision)));
        assertThat(checked.values())
                .containsExactlyInAnyOrderElementsOf(KernelText.of(family).declarations(Map.of()).values())
                .allSatisfy(kernel -> assertThat(kernel.groupX() * kernel.groupY()).isBetween(32, 1024));
    }

    interface Right {
        void scaleRowsFwd(Grid grid, Stored x, Ints rows, @Out Floats y, float factor, int columns, long n);
    }

    interface AnotherName {
        void scaleColumnsFwd(Grid grid, Stored x, Ints rows, @Out Floats y, float factor, int columns, long n);
    }

    interface OneLess {
        void scaleRowsFwd(Grid grid, Stored x, Ints rows, @Out Floats y, float factor, int columns);
    }

    interface AnotherType {
        void scaleRowsFwd(Grid grid, Stored x, Ints rows, @Out Floats y, float factor, int columns, int n);
    }

    interface AnotherElement {
        void scaleRowsFwd(Grid grid, Floats x, Ints rows, @Out Floats y, float factor, int columns, long n);
    }

    interface NotWritten {
        void scaleRowsFwd(Grid grid, Stored x, Ints rows, Floats y, float factor, int columns, long n);
    }

    interface NoGrid {
        void scaleRowsFwd(Stored x, Ints rows, @Out Floats y, float factor, int columns, long n);
    }

    interface NoKernelTakesADouble {
        void scaleRowsFwd(Grid grid, Stored x, Ints rows, @Out Floats y, double factor, int columns, long n);
    }

    private static void refused(Class<?> api, String message) {
        assertThatThrownBy(() -> KernelBinder.check(api, TEXT.declarations(Map.of())))
                .isInstanceOf(DeviceException.class).hasMessage(message);
    }

    @Test
    void anInterfaceThatAgreesIsTaken() {
        KernelText.Declaration declaration = KernelBinder.check(Right.class, TEXT.declarations(Map.of("BLOCK", "64")))
                .get(Right.class.getMethods()[0]);
        assertThat(declaration.groupX()).isEqualTo(64);
        assertThat(declaration.groupY()).isEqualTo(2);
        assertThat(declaration.parameters()).extracting(KernelText.Parameter::name)
                .containsExactly("x", "rows", "y", "factor", "columns", "n");
    }

    @Test
    void aDisagreementIsRefused() {
        String there = ", the kernel's text [STORED_IN, INTS_IN, FLOATS_OUT, FLOAT, INT, LONG]";
        refused(AnotherName.class, "AnotherName declares scaleColumnsFwd, but the text has no kernel "
                + "scale_columns_fwd; it has [scale_rows_fwd]");
        refused(OneLess.class, "scale_rows_fwd: OneLess declares [STORED_IN, INTS_IN, FLOATS_OUT, FLOAT, INT]" + there);
        refused(AnotherType.class,
                "scale_rows_fwd: AnotherType declares [STORED_IN, INTS_IN, FLOATS_OUT, FLOAT, INT, INT]" + there);
        refused(AnotherElement.class,
                "scale_rows_fwd: AnotherElement declares [FLOATS_IN, INTS_IN, FLOATS_OUT, FLOAT, INT, LONG]" + there);
        refused(NotWritten.class,
                "scale_rows_fwd: NotWritten declares [STORED_IN, INTS_IN, FLOATS_IN, FLOAT, INT, LONG]" + there);
        refused(NoGrid.class, "scaleRowsFwd must take a Grid first");
        refused(NoKernelTakesADouble.class, "scaleRowsFwd has a parameter of type double, which no kernel takes");
    }

    @Test
    void aTextThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> new KernelText("example", "KERNEL GROUP_SIZE(32, 1) f(GLOBAL double *x) {")
                .declarations(Map.of()))
                .hasMessage("kernel f of family example has a parameter 'GLOBAL double *x', which is neither a pointer"
                        + " to float, STORED or int nor an int, I64 or float");
        assertThatThrownBy(() -> new KernelText("example", "KERNEL GROUP_SIZE(WIDTH, 1) f(GLOBAL float *x) {")
                .declarations(Map.of()))
                .hasMessage(
                        "kernel f of family example has a group size 'WIDTH', which is neither a number nor defined");
    }

    @Test
    void theHostAndThePreludeAgreeOnTheSizeOfAGroup() {
        assertThat(TEXT.declarations(Map.of()).get("scale_rows_fwd").groupX()).isEqualTo(KernelText.BLOCK);
    }
}
