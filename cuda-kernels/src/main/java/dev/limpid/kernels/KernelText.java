package dev.limpid.kernels;

import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a family of kernels, in the dialect of {@code prelude.h}, and what it declares.
 *
 * <p>A kernel is declared once, in its text; the host reads parameters and group size from there, so that the two cannot disagree.
 *
 * @param family the file's name without its ending
 * @param source the text, without the prelude and with what it includes
 */
public record KernelText(String family, String source) {
    /** Work-items of a group that runs along x, where the text says {@code BLOCK}: the prelude's default. */
    public static final int BLOCK = 128;

    private static final Pattern HEAD = Pattern
            .compile("KERNEL\\s+GROUP_SIZE\\((\\w+),\\s*(\\w+)\\)\\s+(\\w+)\\(([^)]*)\\)\\s*\\{");
    private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([\\w.]+)\"$");
    private static final Pattern DEFINE = Pattern.compile("(?m)^\\s*#\\s*define\\s+(\\w+)\\s+(\\d+)\\s*$");

    /** What a parameter takes. */
    public enum Type {
        FLOATS_IN, FLOATS_OUT, STORED_IN, STORED_OUT, INTS_IN, INTS_OUT, INT, LONG, FLOAT
    }

    /**
     * A parameter of a kernel.
     *
     * @param type what it takes
     * @param name its name in the text
     */
    public record Parameter(Type type, String name) {
        /** Whether it is a buffer. */
        public boolean isPointer() {
            return type != Type.INT && type != Type.LONG && type != Type.FLOAT;
        }
    }

    /**
     * A kernel as its text declares it.
     *
     * @param name of the kernel
     * @param groupX work-items of a group along x; likewise {@code groupY}
     * @param parameters in order
     */
    public record Declaration(String name, int groupX, int groupY, List<Parameter> parameters) {}

    /**
     * The family of this name, with the files that it includes in their places: no compiler has to find them.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static KernelText of(String family) {
        return new KernelText(family, resource(family + ".cl.cu"));
    }

    /** What stands before every family. */
    public static String prelude() {
        return resource("prelude.h");
    }

    /** What a text is compiled with for a precision: {@code PRECISION_BF16} or {@code PRECISION_TF32}, as the prelude reads them. */
    public static Map<String, String> defines(Precision precision) {
        return precision == Precision.F32 ? Map.of() : Map.of("PRECISION_" + precision.name(), "1");
    }

    private static String resource(String name) {
        try (InputStream in = KernelText.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no kernel text " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return INCLUDE.matcher(text).replaceAll(include -> Matcher.quoteReplacement(resource(include.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The kernels that the text declares, by name, in its order.
     *
     * @param defines compile-time parameters, which the sizes of groups may name
     * @throws DeviceException if a declaration cannot be read
     */
    public Map<String, Declaration> declarations(Map<String, String> defines) {
        Map<String, String> sizes = new LinkedHashMap<>();
        for (Matcher define = DEFINE.matcher(prelude() + source); define.find();) {
            sizes.put(define.group(1), define.group(2));
        }
        sizes.putAll(defines);
        Map<String, Declaration> declarations = new LinkedHashMap<>();
        for (Matcher head = HEAD.matcher(source); head.find();) {
            String name = head.group(3);
            List<Parameter> parameters = new ArrayList<>();
            for (String parameter : head.group(4).split(",", -1)) {
                parameters.add(parameter(name, parameter.strip()));
            }
            declarations.put(name, new Declaration(name, size(name, head.group(1), sizes),
                    size(name, head.group(2), sizes), List.copyOf(parameters)));
        }
        return declarations;
    }

    private Parameter parameter(String kernel, String text) {
        String name = text.substring(text.lastIndexOf(' ') + 1).replace("*", "");
        if (!text.startsWith("GLOBAL ")) {
            String type = text.substring(0, text.lastIndexOf(' ')).replace("const ", "").strip();
            return new Parameter(switch (type) {
                case "int" -> Type.INT;
                case "I64" -> Type.LONG;
                case "float" -> Type.FLOAT;
                default -> throw unreadable(kernel, text);
            }, name);
        }
        boolean in = text.startsWith("GLOBAL const ");
        String rest = text.substring(in ? "GLOBAL const ".length() : "GLOBAL ".length());
        String element = rest.substring(0, rest.indexOf(' '));
        return new Parameter(switch (element) {
            case "float" -> in ? Type.FLOATS_IN : Type.FLOATS_OUT;
            case "STORED" -> in ? Type.STORED_IN : Type.STORED_OUT;
            case "int" -> in ? Type.INTS_IN : Type.INTS_OUT;
            default -> throw unreadable(kernel, text);
        }, name);
    }

    private int size(String kernel, String text, Map<String, String> sizes) {
        String value = sizes.getOrDefault(text, text);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new DeviceException("kernel " + kernel + " of family " + family + " has a group size '" + text
                    + "', which is neither a number nor defined", e);
        }
    }

    private DeviceException unreadable(String kernel, String parameter) {
        return new DeviceException("kernel " + kernel + " of family " + family + " has a parameter '" + parameter
                + "', which is neither a pointer to float, STORED or int nor an int, I64 or float");
    }
}
