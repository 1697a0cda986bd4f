package dev.limpid.opencl;

import dev.limpid.kernels.KernelText;
import dev.limpid.kernels.KernelText.Declaration;
import dev.limpid.kernels.KernelText.Parameter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites kernels for a host that has buffers, but no pointers into them: behind each buffer {@code x} comes a parameter {@code I64 x_at}, the elements
 * before the first, and the body begins with {@code x += x_at;}.
 */
final class OpenClText {
    private static final Pattern HEAD = Pattern
            .compile("(KERNEL\\s+GROUP_SIZE\\([^)]*\\)\\s+(\\w+)\\()([^)]*)(\\)\\s*\\{)");

    private OpenClText() {}

    /** The text of a family with its prelude, rewritten. */
    static String source(KernelText text, Map<String, Declaration> declarations) {
        return KernelText.prelude() + rewritten(text.source(), declarations);
    }

    /** The text with offsets in every kernel; lines stay where they are. */
    static String rewritten(String source, Map<String, Declaration> declarations) {
        StringBuilder out = new StringBuilder();
        Matcher head = HEAD.matcher(source);
        while (head.find()) {
            StringBuilder parameters = new StringBuilder();
            StringBuilder body = new StringBuilder();
            String[] texts = head.group(3).split(",", -1);
            for (int i = 0; i < texts.length; i++) {
                Parameter parameter = declarations.get(head.group(2)).parameters().get(i);
                parameters.append(i == 0 ? "" : ",").append(texts[i]);
                if (parameter.isPointer()) {
                    parameters.append(", I64 ").append(parameter.name()).append("_at");
                    body.append(' ').append(parameter.name()).append(" += ").append(parameter.name()).append("_at;");
                }
            }
            head.appendReplacement(out,
                    Matcher.quoteReplacement(head.group(1) + parameters + head.group(4) + body));
        }
        return head.appendTail(out).toString();
    }
}
