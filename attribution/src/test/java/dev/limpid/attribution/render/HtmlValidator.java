package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nu.validator.client.EmbeddedValidator;
import nu.validator.validation.SimpleDocumentValidator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

/** The Nu HTML checker, which validates against the HTML standard, styles included. */
public final class HtmlValidator {
    private static final List<String> COMPLAINTS = new ArrayList<>();
    private static final SimpleDocumentValidator VALIDATOR = validator();

    private HtmlValidator() {}

    /** Reading the schemas takes longer than a document, so that one validator is kept. */
    private static SimpleDocumentValidator validator() {
        try {
            SimpleDocumentValidator validator = new SimpleDocumentValidator(true, false, false);
            validator.setUpMainSchema(EmbeddedValidator.SCHEMA_URL, new Collector());
            validator.setUpValidatorAndParsers(new Collector(), false, false);
            validator.setAllowCss(true);
            return validator;
        } catch (Exception e) {
            throw new IllegalStateException("the validator does not start", e);
        }
    }

    /** Errors and warnings about a document, encoded strictly as UTF-8. */
    public static synchronized List<String> complaints(String html) throws Exception {
        COMPLAINTS.clear();
        VALIDATOR.checkHtmlInputSource(new InputSource(new ByteArrayInputStream(utf8(html))));
        return List.copyOf(COMPLAINTS);
    }

    private static final class Collector implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) {
            COMPLAINTS.add("warning: " + e.getMessage());
        }

        @Override
        public void error(SAXParseException e) {
            COMPLAINTS.add("error: " + e.getMessage());
        }

        @Override
        public void fatalError(SAXParseException e) {
            COMPLAINTS.add("fatal: " + e.getMessage());
        }
    }

    /**
     * A text as strict UTF-8.
     *
     * @throws CharacterCodingException for an unpaired surrogate
     */
    public static byte[] utf8(String text) throws CharacterCodingException {
        ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        assertThat(array).isNotEmpty();
        return array;
    }
}
