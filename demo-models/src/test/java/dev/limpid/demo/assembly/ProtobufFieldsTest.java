package dev.limpid.demo.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufFieldsTest {

    @Test
    void everyWireTypeIsWalkedOver() {
        // Field 1 = 150 and field 2 = "testing" are the examples of protobuf.dev; then a fixed32, a fixed64 and a large number.
        ProtobufFields fields = fields("089601" + "120774657374696e67" + "1d01000000" + "210200000000000000"
                + "a806ffffffffffffffffff01");
        assertThat(fields.next()).isTrue();
        assertThat(fields.number()).isEqualTo(1);
        assertThat(fields.integer()).isEqualTo(150);
        assertThat(fields.next()).isTrue();
        assertThat(fields.text()).isEqualTo("testing");
        assertThat(fields.isBlock()).isTrue();
        assertThat(fields.next()).isTrue();
        assertThat(fields.number()).isEqualTo(3);
        assertThat(fields.next()).isTrue();
        assertThat(fields.number()).isEqualTo(4);
        assertThat(fields.next()).isTrue();
        assertThat(fields.number()).isEqualTo(101);
        assertThat(fields.integer()).isEqualTo(-1);
        assertThat(fields.next()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1205616263", "12ffffffff0f", "0b", "08ffffffffffffffffffff01", "1d0102"})
    void damagedMessagesAreRefused(String hex) {
        assertThatThrownBy(() -> fields(hex).next()).isInstanceOfAny(IllegalArgumentException.class,
                ArithmeticException.class);
    }

    @Test
    void aFieldOfAnotherKindIsRefused() {
        ProtobufFields fields = fields("089601");
        fields.next();
        assertThatThrownBy(fields::text).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("field 1");
    }

    private static ProtobufFields fields(String hex) {
        return new ProtobufFields(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
