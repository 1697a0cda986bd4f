package dev.limpid.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PhotoTest {
    @Test
    void isAPngOfTheSizeItSays() throws IOException {
        BufferedImage photo = ImageIO.read(new ByteArrayInputStream(DemoModels.photo()));
        assertThat(photo.getWidth()).isEqualTo(451);
        assertThat(photo.getHeight()).isEqualTo(300);
    }

    @Test
    void itsLicenceLiesBesideIt() throws IOException {
        try (InputStream in = DemoModels.class.getResourceAsStream("photos/README.md")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains(DemoModels.photoName(),
                    "Stefan van der Walt", "CC0", "scikit-image");
        }
    }
}
