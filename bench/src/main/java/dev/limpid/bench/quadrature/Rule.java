package dev.limpid.bench.quadrature;

import dev.limpid.attribution.Quadrature;
import java.util.List;

/** A rule that is studied. */
enum Rule {
    GAUSS_LEGENDRE("Gauss-Legendre", "#1f77b4"), CLENSHAW_CURTIS("Clenshaw-Curtis", "#d62728"), CLENSHAW_CURTIS_START(
            "the same, start", "#9467bd"),
    CLENSHAW_CURTIS_MIDDLE("the same, middle", "#ff7f0e"), GAUSS_KRONROD(
            "Gauss-Kronrod", "#2ca02c"),
    MIDPOINT("midpoint", "#7f7f7f");

    private final String label;
    private final String colour;

    Rule(String label, String colour) {
        this.label = label;
        this.colour = colour;
    }

    String label() {
        return label;
    }

    /** Of its line in the plot. */
    String colour() {
        return colour;
    }

    /** The numbers of nodes it is tried with, rising. */
    List<Integer> counts() {
        return switch (this) {
            case GAUSS_LEGENDRE -> List.of(2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 50, 64);
            case CLENSHAW_CURTIS, CLENSHAW_CURTIS_START, CLENSHAW_CURTIS_MIDDLE -> List.of(2, 3, 5, 9, 17, 33, 65, 129);
            case GAUSS_KRONROD -> List.of(7, 15, 21, 31, 41, 61);
            case MIDPOINT -> List.of(4, 8, 16, 32, 64, 128);
        };
    }

    Quadrature.Nodes nodes(int n) {
        return switch (this) {
            case GAUSS_LEGENDRE -> Quadrature.GAUSS_LEGENDRE.nodes(n);
            case CLENSHAW_CURTIS -> Quadrature.CLENSHAW_CURTIS.nodes(n);
            case CLENSHAW_CURTIS_START -> Quadrature.CLENSHAW_CURTIS_START.nodes(n);
            case CLENSHAW_CURTIS_MIDDLE -> Quadrature.CLENSHAW_CURTIS_MIDDLE.nodes(n);
            case GAUSS_KRONROD -> Kronrod.nodes(n / 2);
            case MIDPOINT -> Quadrature.RIEMANN_MIDDLE.nodes(n);
        };
    }
}
