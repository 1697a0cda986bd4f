package dev.limpid.kernels;

import dev.limpid.kernels.KernelText.Declaration;
import dev.limpid.tensor.DeviceException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the kernels of a text callable as methods of a Java interface, and refuses an interface that disagrees with the text.
 *
 * <p>A method {@code layerNormFwd(Grid grid, Floats x, @Out Floats y, int columns)} is the kernel
 * {@code layer_norm_fwd(GLOBAL const float *restrict x, GLOBAL float *restrict y, int columns)}: names, number, types and direction of the parameters must be the
 * same. The check needs no device.
 */
public final class KernelBinder {
    private KernelBinder() {}

    /** The kernels of a family, by method. */
    private static final class Kernels {
        private final KernelText text;
        private final KernelDevice device;
        private final Map<String, String> defines;
        private final Map<Method, Declaration> declarations;
        private volatile Map<Method, KernelDevice.Kernel> compiled;

        Kernels(KernelText text, KernelDevice device, Map<String, String> defines,
                Map<Method, Declaration> declarations) {
            this.text = text;
            this.device = device;
            this.defines = defines;
            this.declarations = declarations;
        }

        KernelDevice.Kernel of(Method method) {
            Map<Method, KernelDevice.Kernel> kernels = compiled;
            return (kernels == null ? compile() : kernels).get(method);
        }

        private synchronized Map<Method, KernelDevice.Kernel> compile() {
            if (compiled == null) {
                KernelDevice.Family family = device.compile(text, defines);
                Map<Method, KernelDevice.Kernel> kernels = new HashMap<>();
                declarations.forEach((method, declaration) -> kernels.put(method, family.kernel(declaration.name())));
                compiled = kernels;
            }
            return compiled;
        }
    }

    /** Binds the family of this name. */
    static <T> T bind(Class<T> api, String family, KernelDevice device) {
        return bind(api, KernelText.of(family), device, Map.of());
    }

    /**
     * Binds a family, which is compiled when its first kernel is started: then a text that cannot be compiled is told.
     *
     * @param api an interface whose methods take a {@link Grid} and the kernel's parameters
     * @throws DeviceException if the interface and the text disagree
     */
    public static <T> T bind(Class<T> api, KernelText text, KernelDevice device, Map<String, String> defines) {
        Kernels kernels = new Kernels(text, device, defines, check(api, text.declarations(defines)));
        return api.cast(Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[]{api}, (_, method, arguments) -> {
            device.launch(kernels.of(method), (Grid) arguments[0],
                    Arrays.asList(arguments).subList(1, arguments.length));
            return null;
        }));
    }

    /**
     * The kernel of each method.
     *
     * @throws DeviceException naming the first kernel on which the interface and the text disagree
     */
    static Map<Method, Declaration> check(Class<?> api, Map<String, Declaration> declarations) {
        Map<Method, Declaration> checked = new HashMap<>();
        for (Method method : api.getMethods()) {
            String name = method.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            Declaration declaration = declarations.get(name);
            if (declaration == null) {
                throw new DeviceException(api.getSimpleName() + " declares " + method.getName()
                        + ", but the text has no kernel " + name + "; it has " + declarations.keySet());
            }
            List<KernelText.Type> here = types(method);
            List<KernelText.Type> there = declaration.parameters().stream().map(KernelText.Parameter::type).toList();
            if (!here.equals(there)) {
                throw new DeviceException(
                        name + ": " + api.getSimpleName() + " declares " + here + ", the kernel's text "
                                + there);
            }
            checked.put(method, declaration);
        }
        return checked;
    }

    private static List<KernelText.Type> types(Method method) {
        Parameter[] parameters = method.getParameters();
        if (parameters.length == 0 || parameters[0].getType() != Grid.class) {
            throw new DeviceException(method.getName() + " must take a Grid first");
        }
        List<KernelText.Type> types = new ArrayList<>();
        for (Parameter parameter : Arrays.asList(parameters).subList(1, parameters.length)) {
            types.add(type(parameter.getType(), parameter.isAnnotationPresent(Out.class), method));
        }
        return types;
    }

    private static KernelText.Type type(Class<?> type, boolean out, Method method) {
        if (type == Pointer.Floats.class) {
            return out ? KernelText.Type.FLOATS_OUT : KernelText.Type.FLOATS_IN;
        }
        if (type == Pointer.Stored.class) {
            return out ? KernelText.Type.STORED_OUT : KernelText.Type.STORED_IN;
        }
        if (type == Pointer.Ints.class) {
            return out ? KernelText.Type.INTS_OUT : KernelText.Type.INTS_IN;
        }
        if (type == int.class) {
            return KernelText.Type.INT;
        }
        if (type == long.class) {
            return KernelText.Type.LONG;
        }
        if (type == float.class) {
            return KernelText.Type.FLOAT;
        }
        throw new DeviceException(method.getName() + " has a parameter of type " + type.getSimpleName()
                + ", which no kernel takes");
    }
}
