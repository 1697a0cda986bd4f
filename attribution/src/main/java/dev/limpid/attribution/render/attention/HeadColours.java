package dev.limpid.attribution.render.attention;

import java.util.List;

/**
 * Colours of heads and layers, told apart by people with and without colour-blindness.
 *
 * <p>The first three are Okabe and Ito's; each of the others was chosen as far as can be, in OKLab, from all before it, as seen with normal vision and as Machado et al. 2009
 * simulate the three kinds of colour-blindness; neither too light for white paper nor too dark for a dark screen.
 */
final class HeadColours {
    static final List<String> ALL = List.of("#0072b2", "#e69f00", "#009e73", "#783c00", "#1ed2c3", "#b487ff", "#4b4b69",
            "#c300ff", "#e15a00", "#696969", "#7800b4", "#8787b4", "#87c378", "#b44b2d", "#0f1ee1", "#2db4a5",
            "#960f4b", "#c3a5f0", "#d21ed2", "#964b96", "#f05ad2", "#96874b", "#c35aff", "#787887");

    private HeadColours() {}
}
