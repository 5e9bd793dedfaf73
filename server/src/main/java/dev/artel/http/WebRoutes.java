package dev.artel.http;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The web UI under `/app/`.
@RestController
@Hidden
final class WebRoutes {
  private static final String ROOT = "/app";

  private final WebApp app;

  WebRoutes(WebApp app) {
    this.app = app;
  }

  @GetMapping({ROOT, ROOT + "/**"})
  void file(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String path = request.getRequestURI().substring(ROOT.length());
    app.serve(path.startsWith("/") ? path.substring(1) : path, request, response);
  }
}
