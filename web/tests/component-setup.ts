import "../public/layers.css";
import "../src/ui/tokens.css";
import "../src/ui/fonts.css";
import "../src/ui/base.css";
