package dev.limpid.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a kernel takes of a multiprocessor, as its cubin says.
 *
 * <p>A cubin is an ELF file. Its section {@code .nv.info} holds attributes of four bytes (format, kind, size of the value) before their value; the kinds that count
 * here have the index of a symbol and a number: 0x2f registers, 0x11 bytes of a work-item's frame in local memory, 0x12 the least stack that a launch needs.
 * Spilled registers lie in the frame. {@code .nv.shared.NAME} is as large as the shared memory of a group.
 *
 * @param registers of a work-item
 * @param localBytes of a work-item, spilled registers with them
 * @param sharedBytes of a group, from compute capability 9.0 on with the 1024 that the system keeps there
 */
public record CubinResources(int registers, int localBytes, int sharedBytes) {
    private static final int REGISTERS = 0x2f;
    private static final int FRAME = 0x11;
    private static final int LEAST_STACK = 0x12;
    private static final int SIZED_VALUE = 4;
    private static final int SECTION_SYMBOLS = 2;
    private static final int SECTION_HEADER = 64;
    private static final int SYMBOL = 24;

    /** The resources of each kernel of a cubin. */
    public static Map<String, CubinResources> of(byte[] cubin) {
        return new Reader(ByteBuffer.wrap(cubin).order(ByteOrder.LITTLE_ENDIAN)).read();
    }

    private record Reader(ByteBuffer elf) {
        private Map<String, CubinResources> read() {
            Map<String, int[]> found = new TreeMap<>();
            int info = section(".nv.info");
            int symbols = symbols();
            int at = offset(info);
            int end = at + size(info);
            while (at < end) {
                int kind = elf.get(at + 1);
                int bytes = elf.get(at) == SIZED_VALUE ? elf.getShort(at + 2) & 0xffff : 0;
                if (kind == REGISTERS || kind == FRAME || kind == LEAST_STACK) {
                    int[] resources = found.computeIfAbsent(symbol(symbols, elf.getInt(at + 4)), _ -> new int[2]);
                    int which = kind == REGISTERS ? 0 : 1;
                    resources[which] = Math.max(resources[which], elf.getInt(at + 8));
                }
                at += 4 + bytes;
            }
            Map<String, CubinResources> kernels = new TreeMap<>();
            found.forEach((name, resources) -> {
                if (has(".text." + name)) {
                    int shared = has(".nv.shared." + name) ? size(section(".nv.shared." + name)) : 0;
                    kernels.put(name, new CubinResources(resources[0], resources[1], shared));
                }
            });
            return kernels;
        }

        private int header(int index) {
            return (int) elf.getLong(40) + index * SECTION_HEADER;
        }

        private int count() {
            return elf.getShort(60);
        }

        private int offset(int header) {
            return (int) elf.getLong(header + 24);
        }

        private int size(int header) {
            return (int) elf.getLong(header + 32);
        }

        private boolean has(String name) {
            return find(name) >= 0;
        }

        private int section(String name) {
            int header = find(name);
            if (header < 0) {
                throw new IllegalArgumentException("the cubin has no section " + name);
            }
            return header;
        }

        private int find(String name) {
            int names = header(elf.getShort(62));
            for (int i = 0; i < count(); i++) {
                if (text(offset(names) + elf.getInt(header(i))).equals(name)) {
                    return header(i);
                }
            }
            return -1;
        }

        private int symbols() {
            for (int i = 0; i < count(); i++) {
                if (elf.getInt(header(i) + 4) == SECTION_SYMBOLS) {
                    return header(i);
                }
            }
            throw new IllegalArgumentException("the cubin has no symbols");
        }

        private String symbol(int symbols, int index) {
            int names = header(elf.getInt(symbols + 40));
            return text(offset(names) + elf.getInt(offset(symbols) + index * SYMBOL));
        }

        private String text(int at) {
            int end = at;
            while (elf.get(end) != 0) {
                end++;
            }
            byte[] bytes = new byte[end - at];
            elf.get(at, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
