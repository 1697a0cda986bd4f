package dev.limpid.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonRegexTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"bert\\.layer\\.\\d+\\.(query|key); bert.layer.11.key; true",
            "bert\\.layer\\.\\d+\\.(query|key); bertXlayer.1.key; false", "(?P<n>\\d)-(?P=n); 3-3; true",
            "(?P<n>\\d)-(?P=n); 3-4; false", "(?:a|b)+\\Z; abba; true", "a{,2}; aa; true", "a{,2}; aaa; false",
            "[[a]+; [a[; true", "[]a]+; ]a; true", "[^]a]+; xy; true", "[^]a]+; x]; false", "[a&&b]+; &ab; true",
            "[\\]\\d]+; ]7; true", "\\(\\?P<; (?P<; true", "(?i)QUERY; query; true",
            "(?!.*layer\\.0).*key; layer.1.key; true"})
    void pythonSyntaxMeansTheSame(String pattern, String text, boolean matches) {
        assertThat(PythonRegex.compile(pattern).matcher(text).matches()).isEqualTo(matches);
    }

    @Test
    void whatJavaCannotCompileIsRefused() {
        assertThatThrownBy(() -> PythonRegex.compile("(a")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> PythonRegex.compile("(?(1)a|b)")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> PythonRegex.compile("[a")).isInstanceOf(PatternSyntaxException.class);
    }
}
