package dev.artel.http;

import dev.artel.base.Fault;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// The documentation: the document itself, and a page that shows it with nothing from elsewhere.
@RestController
@Hidden
final class DocsRoutes {
  static final String DOCUMENT = "/my/openapi.json";

  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final OpenApiWebMvcResource document;
  private final Map<String, File> files;

  private record File(String resource, String type) {}

  DocsRoutes(OpenApiWebMvcResource document, String swaggerUi) {
    this.document = document;
    this.files =
        Map.of(
            "start.js", new File("docs/start.js", SCRIPT),
            "swagger-ui.css", new File(swaggerUi + "/swagger-ui.css", "text/css; charset=utf-8"),
            "swagger-ui-bundle.js", new File(swaggerUi + "/swagger-ui-bundle.js", SCRIPT));
  }

  @GetMapping("/openapi.json")
  void document(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setContentType("application/json");
    response.getOutputStream().write(document.openapiJson(request, DOCUMENT, Locale.ENGLISH));
  }

  @GetMapping({"/my/docs", "/docs", "/redoc"})
  void page(HttpServletResponse response) throws IOException {
    response.setHeader("Cache-Control", "no-cache");
    send(new File("docs/index.html", HTML), response);
  }

  @GetMapping("/docs/{file}")
  void file(@PathVariable String file, HttpServletResponse response) throws IOException {
    File known = files.get(file);
    if (known == null) {
      throw Fault.notFound("Not found");
    }
    response.setHeader("Cache-Control", "public, max-age=86400");
    send(known, response);
  }

  private static void send(File file, HttpServletResponse response) throws IOException {
    try (InputStream stream =
        DocsRoutes.class.getClassLoader().getResourceAsStream(file.resource())) {
      if (stream == null) {
        throw new IllegalStateException("this build lacks " + file.resource());
      }
      response.setContentType(file.type());
      stream.transferTo(response.getOutputStream());
    }
  }
}
