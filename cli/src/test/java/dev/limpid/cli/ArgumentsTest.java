package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ArgumentsTest {
    @ParameterizedTest
    @CsvSource({"1,1", "4096,4096", "3k,3072", "512m,536870912", "2G,2147483648", "1t,1099511627776"})
    void sizes(String text, long bytes) {
        assertThat(new MemorySize().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5g", "g", "2gb", "12345678901234", "9000000000000t"})
    void noSizes(String text) {
        assertThatThrownBy(() -> new MemorySize().convert(text)).isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"80,80", "'',100", "x,100", "0,100", "-4,100", " 132 ,132"})
    void widths(String columns, int width) {
        Terminal terminal = new Terminal(System.out, System.err, true, true, java.util.Map.of("COLUMNS", columns));
        assertThat(terminal.width()).isEqualTo(width);
    }
}
