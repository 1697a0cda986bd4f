package dev.limpid.cli;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.render.picture.Palette;
import dev.limpid.attribution.render.picture.PictureOptions;
import dev.limpid.attribution.render.picture.Sign;
import dev.limpid.attribution.render.picture.Unit;
import dev.limpid.attribution.render.picture.View;
import picocli.CommandLine.Option;

/** The options that say what a picture shows, and a page when it is opened. */
final class PictureChoice {
    @Option(names = "--view", paramLabel = "NAME", defaultValue = "heatmap", description = "What is drawn: heatmap, overlay (over the image in grey), alpha (the image, opaque where it matters), masked"
            + " (dark where it does not) or original (default: ${DEFAULT-VALUE}).")
    private String view;

    @Option(names = "--side-by-side", description = "The original image beside it.")
    private boolean sideBySide;

    @Option(names = "--sign", paramLabel = "NAME", defaultValue = "all", description = "Which attributions: all, positive, negative or absolute (default: ${DEFAULT-VALUE}; alpha and masked show positive"
            + " in its place).")
    private String sign;

    @Option(names = "--outlier", paramLabel = "X", description = "Share of all attribution that is drawn in the strongest colour, from 0 to 1 (default: 0.03; with transformers-interpret 0.1).")
    private Double outlier;

    @Option(names = "--patches", description = "A colour for each of the model's patches in place of each pixel; the sums of patches also go into the JSON.")
    private boolean patches;

    @Option(names = "--shared-scale", description = "The same scale for all images, so that their colours compare.")
    private boolean sharedScale;

    @Option(names = {"--colours",
            "--colors"}, paramLabel = "NAME", defaultValue = "captum", description = "Colours: captum (red and green) or blue-orange (default: ${DEFAULT-VALUE}).")
    private String colours;

    /** Whether patches are asked for. */
    boolean patches() {
        return patches;
    }

    /**
     * The same as the library has it.
     *
     * @throws UsageException if a name is unknown or a number out of range
     */
    PictureOptions toPictureOptions(Convention convention) {
        double usual = convention == Convention.TRANSFORMERS_INTERPRET ? 0.1 : 0.03;
        try {
            return PictureOptions.DEFAULT.withConvention(convention).withView(View.named(view))
                    .withSign(Sign.named(sign)).withOutlier(outlier == null ? usual : outlier)
                    .withUnit(patches ? Unit.PATCHES : Unit.PIXELS).withPalette(Palette.named(colours))
                    .withSideBySide(sideBySide).withSharedScale(sharedScale);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
