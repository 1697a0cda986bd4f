package dev.limpid.safetensors;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Compiles regular expressions in the syntax of Python's {@code re}, as adapter configs hold them.
 *
 * <p>The two dialects agree but for the names of groups, {@code \Z}, an open repetition {@code {,n}}, and what a bracket
 * or {@code &&} means inside a class; these are rewritten. Source: the Python library reference, module re.
 */
final class PythonRegex {

    private PythonRegex() {}

    /**
     * Compiles a Python pattern.
     *
     * @throws PatternSyntaxException if Java's engine does not take it
     */
    static Pattern compile(String python) {
        StringBuilder java = new StringBuilder();
        for (int i = 0; i < python.length();) {
            char c = python.charAt(i);
            if (c == '\\' && i + 1 < python.length()) {
                java.append(python.charAt(i + 1) == 'Z' ? "\\z" : python.substring(i, i + 2));
                i += 2;
            } else if (c == '[') {
                i = characterClass(python, i, java);
            } else if (python.startsWith("(?P<", i)) {
                java.append("(?<");
                i += 4;
            } else if (python.startsWith("(?P=", i) && python.indexOf(')', i) > 0) {
                int close = python.indexOf(')', i);
                java.append("\\k<").append(python, i + 4, close).append('>');
                i = close + 1;
            } else if (python.startsWith("{,", i)) {
                java.append("{0,");
                i += 2;
            } else {
                java.append(c);
                i++;
            }
        }
        return Pattern.compile(java.toString());
    }

    /** Copies a class from its opening bracket on; answers the position behind it. */
    private static int characterClass(String python, int start, StringBuilder java) {
        int i = start + 1;
        java.append('[');
        if (i < python.length() && python.charAt(i) == '^') {
            java.append('^');
            i++;
        }
        for (boolean first = true; i < python.length(); first = false) {
            char c = python.charAt(i);
            if (c == ']' && !first) {
                java.append(']');
                return i + 1;
            }
            if (c == '\\' && i + 1 < python.length()) {
                java.append(c).append(python.charAt(i + 1));
                i += 2;
            } else {
                java.append(c == '[' || c == ']' || c == '&' ? "\\" : "").append(c);
                i++;
            }
        }
        return i;
    }
}
