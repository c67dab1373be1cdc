// Reads YAML the way kubectl does: each line of standard input is {"yaml": TEXT}, each line of
// standard output is {"read": THE DOCUMENT AS JSON} or {"error": TEXT}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	for in.More() {
		var line struct {
			YAML string `json:"yaml"`
		}
		if err := in.Decode(&line); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		read, err := yaml.YAMLToJSON([]byte(line.YAML))
		if err != nil {
			read, _ = json.Marshal(err.Error())
			fmt.Fprintf(out, "{\"error\": %s}\n", read)
			continue
		}
		fmt.Fprintf(out, "{\"read\": %s}\n", read)
	}
}
