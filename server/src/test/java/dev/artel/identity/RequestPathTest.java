package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Accepts({"S2.1", "S2.7"})
final class RequestPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/my",
        "/my/",
        "/my/me",
        "/My/me",
        "/MY/projects",
        "//my/me",
        "///my//me",
        "/./my/me",
        "/.//my/me",
        "/my;a=b/me",
        "/;a/my/me",
        "/my.",
        "/my./me",
        "/my../me",
        "/my%20/me",
        "/%6dy/me",
        "/%6Dy/me",
        "/m%79/me",
        "/%256dy/me",
        "/%25256dy/me",
        "/%2fmy/me",
        "/%2Fmy%2Fme",
        "/my%2fme",
        "/my%00/me",
        "/my%0a/me",
        "\\my\\me",
        "/%5cmy/me",
        "/my%3ba/me",
        "/x/../my/me",
        "/x/%2e%2e/my/me",
        "/my/../auth/config",
        "/my/..",
        "/../my/me",
        "/x/..;/my/me",
        "my/me",
        "/my/docs/x",
        "/my/docs;x",
        "/my//docs",
        "/my/docs%2f",
        "/my/Docs",
        "/my/docs.",
        "/my/docs/..",
        "/my/openapi.json.",
        "/my/openapi.jsonx",
        "/my/openapi%2ejson",
        "/my/openapi",
        "/my/%64ocs",
      })
  void whatever_may_be_read_as_a_path_of_mine_needs_a_token(String target) {
    assertThat(RequestPath.of(target)).isEqualTo(RequestPath.MY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/admin/",
        "/ADMIN/bus",
        "//admin/bus",
        "/%61dmin/bus",
        "/admin;x/bus",
        "/admin./bus",
        "/x/../admin/bus",
      })
  void administration_is_told_apart(String target) {
    assertThat(RequestPath.of(target)).isEqualTo(RequestPath.ADMIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/my/docs",
        "/my/docs/",
        "/my/openapi.json",
        "/my/openapi.json/",
        "/",
        "",
        "/health",
        "/auth/link",
        "/app/my/me",
        "/mystery",
        "/mymy/me",
        "/docs/my",
        "/administer",
        "/%zz",
        "/%",
        "/a%2",
        "/openapi.json",
      })
  void everything_else_is_open(String target) {
    assertThat(RequestPath.of(target)).isEqualTo(RequestPath.OPEN);
  }
}
